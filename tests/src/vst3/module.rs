//! The library that a plugin comes in, loaded once however many instances there are.

use super::run_loop::RunLoop;
use crate::host::HostError;
use ::vst3::Steinberg::{
    IPluginFactory, IPluginFactory2, IPluginFactory2Trait, IPluginFactory3, IPluginFactory3Trait,
    IPluginFactoryTrait, PClassInfo, PClassInfo2, TUID, kResultOk,
};
use ::vst3::{ComPtr, ComWrapper, Interface};
use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

type Entry = unsafe extern "C" fn(*mut c_void) -> bool;
type Exit = unsafe extern "C" fn() -> bool;
type GetFactory = unsafe extern "system" fn() -> *mut IPluginFactory;

/// A loaded library with the first plugin in it; unloaded with its last holder.
pub(super) struct Module {
    /// `None` only while it is dropped: the factory goes before its code.
    factory: Option<ComPtr<IPluginFactory>>,
    /// What the factory was told of; a timer in it is the library's as well.
    run_loop: ComWrapper<RunLoop>,
    library: Library,
    class: TUID,
    name: String,
}

/// The category of classes that are plugins.
const EFFECT: &CStr = c"Audio Module Class";

static LOADED: Mutex<BTreeMap<PathBuf, Weak<Module>>> = Mutex::new(BTreeMap::new());

impl Module {
    /// Loads the library, or the one in a bundle; hands out the one that is loaded already.
    pub(super) fn load(path: &Path) -> Result<Arc<Self>, HostError> {
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = loaded.get(path).and_then(Weak::upgrade) {
            return Ok(module);
        }
        let module = Self::open(&library_in(path))
            .map_err(|reason| HostError::Load { path: path.to_owned(), reason })?;
        let module = Arc::new(module);
        loaded.insert(path.to_owned(), Arc::downgrade(&module));
        Ok(module)
    }

    /// The plugin's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What the factory says of the plugin, in the words of a bundle's `moduleinfo.json`.
    pub(super) fn described(&self) -> Option<Value> {
        let factory = self.factory.as_ref()?.cast::<IPluginFactory2>()?;
        // SAFETY: a plain call.
        let classes = unsafe { factory.countClasses() };
        let class = (0..classes).find_map(|index| {
            // SAFETY: the structure is numbers and text, for which zeros are fine.
            let mut class: PClassInfo2 = unsafe { std::mem::zeroed() };
            // SAFETY: the structure outlives the call.
            let result = unsafe { factory.getClassInfo2(index, &raw mut class) };
            (result == kResultOk && class.cid == self.class).then_some(class)
        })?;
        Some(json!({
            "CID": class.cid.map(|byte| format!("{:02X}", byte as u8)).concat(),
            "Category": text(&class.category),
            "Name": text(&class.name),
            "Vendor": text(&class.vendor),
            "Version": text(&class.version),
            "SDKVersion": text(&class.sdkVersion),
            "Sub Categories": text(&class.subCategories).split('|').collect::<Vec<_>>(),
            "Class Flags": class.classFlags,
            "Cardinality": class.cardinality,
            "Snapshots": [],
        }))
    }

    /// Serves the timers of all its instances. Only the main thread may.
    pub(super) fn turn_run_loop(&self) {
        self.run_loop.turn();
    }

    /// A new instance of the plugin, if it has that interface.
    pub(super) fn create<I: Interface>(&self) -> Option<ComPtr<I>> {
        let mut object = std::ptr::null_mut();
        let factory = self.factory.as_ref()?;
        // SAFETY: both identifiers are 16 bytes long and the answer has a place.
        unsafe {
            let id = I::IID.as_ptr().cast::<c_char>();
            let result = factory.createInstance(self.class.as_ptr(), id, &raw mut object);
            if result == kResultOk { ComPtr::from_raw(object.cast()) } else { None }
        }
    }

    fn open(path: &Path) -> Result<Self, String> {
        // SAFETY: a plugin's code is trusted as any library's is; the caller names a file of ours.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) };
        let handle = library.map_err(|error| error.to_string())?.into_raw();
        // SAFETY: the handle was taken from the library a line ago.
        let library = unsafe { Library::from_raw(handle) };
        // SAFETY: the signatures are those that the format prescribes; entry comes before anything else.
        let factory = unsafe {
            let entry = library.get::<Entry>(b"ModuleEntry").map_err(|error| error.to_string())?;
            if !entry(handle) {
                return Err("its entry refuses".to_owned());
            }
            let factory =
                library.get::<GetFactory>(b"GetPluginFactory").map_err(|error| error.to_string())?;
            ComPtr::from_raw(factory()).ok_or("it has no plugin factory")?
        };
        let effect = first_effect(&factory).ok_or("it is empty")?;
        let name = text(&effect.name);
        let run_loop = ComWrapper::new(RunLoop::default());
        if let (Some(factory), Some(context)) =
            (factory.cast::<IPluginFactory3>(), RunLoop::as_context(&run_loop))
        {
            // SAFETY: the context lives as long as the factory. A factory that wants none refuses it.
            unsafe { factory.setHostContext(context.as_ptr()) };
        }
        Ok(Self { factory: Some(factory), library, class: effect.cid, name, run_loop })
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        self.factory = None;
        // SAFETY: no object of the library is left, and the signature is the prescribed one.
        unsafe {
            if let Ok(exit) = self.library.get::<Exit>(b"ModuleExit") {
                exit();
            }
        }
    }
}

/// Where a bundle's library lies; a library lies where it lies.
fn library_in(path: &Path) -> PathBuf {
    let Some(stem) = path.file_stem().filter(|_| path.is_dir()) else { return path.to_owned() };
    let platform = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    path.join("Contents").join(platform).join(stem).with_extension("so")
}

fn first_effect(factory: &ComPtr<IPluginFactory>) -> Option<PClassInfo> {
    // SAFETY: plain calls.
    let classes = unsafe { factory.countClasses() };
    (0..classes).find_map(|index| {
        // SAFETY: the structure is numbers and text, for which zeros are fine.
        let mut info: PClassInfo = unsafe { std::mem::zeroed() };
        // SAFETY: the structure outlives the call.
        let result = unsafe { factory.getClassInfo(index, &raw mut info) };
        let is_effect = result == kResultOk && text(&info.category).as_bytes() == EFFECT.to_bytes();
        is_effect.then_some(info)
    })
}

/// A text that ends at its first zero.
fn text(chars: &[c_char]) -> String {
    let bytes: Vec<u8> = chars.iter().map(|&char| char as u8).take_while(|&byte| byte != 0).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
