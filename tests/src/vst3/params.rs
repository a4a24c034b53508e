//! The plugin's parameters as a host sees them.

use crate::host::Param;
use ::vst3::ComPtr;
use ::vst3::Steinberg::Vst::ParameterInfo_::ParameterFlags_::{kCanAutomate, kIsHidden};
use ::vst3::Steinberg::Vst::{IEditController, IEditControllerTrait, ParameterInfo};
use ::vst3::Steinberg::kResultOk;

/// Every parameter, in the plugin's order, in plain values.
pub(super) fn all(controller: &ComPtr<IEditController>) -> Vec<Param> {
    // SAFETY: a plain call on the main thread.
    let count = unsafe { controller.getParameterCount() };
    (0..count).filter_map(|index| one(controller, index)).collect()
}

fn one(controller: &ComPtr<IEditController>, index: i32) -> Option<Param> {
    // SAFETY: the structure is numbers and text, for which zeros are fine; it outlives the call.
    let info = unsafe {
        let mut info: ParameterInfo = std::mem::zeroed();
        (controller.getParameterInfo(index, &raw mut info) == kResultOk).then_some(info)?
    };
    // SAFETY: a plain call on the main thread.
    let plain = |normalized| unsafe { controller.normalizedParamToPlain(info.id, normalized) };
    // SAFETY: as above.
    let value = plain(unsafe { controller.getParamNormalized(info.id) });
    let title = info.title;
    let end = title.iter().position(|&unit| unit == 0).unwrap_or(title.len());
    Some(Param {
        id: info.id,
        name: String::from_utf16_lossy(&title[..end]),
        range: (plain(0.0), plain(1.0)),
        default: plain(info.defaultNormalizedValue),
        value,
        automatable: info.flags & kCanAutomate != 0,
        hidden: info.flags & kIsHidden != 0,
    })
}
