//! The plugin's parameters as a host sees them.

use super::{HostError, Plugin};
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use clack_host::utils::ClapId;

/// One parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its number for the host.
    pub id: u32,
    /// Its name for a person.
    pub name: String,
    /// The least and the greatest plain value.
    pub range: (f64, f64),
    /// The plain value of a new instance.
    pub default: f64,
    /// The plain value now.
    pub value: f64,
    /// Whether a host may automate it.
    pub automatable: bool,
    /// Whether a host hides it.
    pub hidden: bool,
}

impl Plugin {
    /// Every parameter, in the plugin's order.
    ///
    /// # Errors
    ///
    /// [`HostError::Missing`] when the plugin has no parameters at all.
    pub fn params(&mut self) -> Result<Vec<Param>, HostError> {
        let params = self.extension::<PluginParams>("parameters")?;
        let handle = self.instance.plugin_handle();
        let mut buffer = ParamInfoBuffer::new();
        let mut all = Vec::new();
        for index in 0..params.count(&handle) {
            let Some(info) = params.get_info(&handle, index, &mut buffer) else { continue };
            let Some(value) = params.get_value(&handle, info.id) else { continue };
            all.push(Param {
                id: info.id.get(),
                name: String::from_utf8_lossy(info.name).trim_end_matches('\0').to_owned(),
                range: (info.min_value, info.max_value),
                default: info.default_value,
                value,
                automatable: info.flags.contains(ParamInfoFlags::IS_AUTOMATABLE),
                hidden: info.flags.contains(ParamInfoFlags::IS_HIDDEN),
            });
        }
        Ok(all)
    }

    /// The parameter with that name.
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin has none.
    pub fn param(&mut self, name: &str) -> Result<Param, HostError> {
        let found = self.params()?.into_iter().find(|param| param.name == name);
        found.ok_or_else(|| self.refused(format!("show a parameter named {name:?}")))
    }

    /// Sets a parameter while the plugin is not active; an active one takes it through
    /// [`super::Audio::set_param`].
    ///
    /// # Errors
    ///
    /// [`HostError::Refused`] when the plugin is active or has no parameter `id`.
    pub fn set_param_idle(&mut self, id: u32, value: f64) -> Result<(), HostError> {
        let params = self.extension::<PluginParams>("parameters")?;
        let id = ClapId::from_raw(id).ok_or_else(|| self.refused(format!("know parameter {id}")))?;
        let Some(mut handle) = self.instance.inactive_plugin_handle() else {
            return Err(self.refused("take a parameter outside processing while active".to_owned()));
        };
        let mut input = EventBuffer::new();
        input.push(&ParamValueEvent::new(0, id, Pckn::match_all(), value));
        let mut output = EventBuffer::new();
        params.flush(&mut handle, &input.as_input(), &mut output.as_output());
        Ok(())
    }
}
