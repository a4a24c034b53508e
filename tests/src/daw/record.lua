-- A new session whose track has the plugin; records noise, which stands for any source, and saves.
local folder, frames = arg[1], tonumber(arg[2])
AudioEngine:set_backend("None (Dummy)", "", "")
assert(AudioEngine:set_device_name("Uniform White Noise") == 0)
local session = assert(create_session(folder, "take", 48000))
local order, mode = ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal
local track
for route in session:new_audio_track(2, 2, nil, 1, "Voice", order, mode, true):iter() do track = route end
local plugin = ARDOUR.LuaAPI.new_plugin(session, "Earmark", ARDOUR.PluginType.VST3, "")
assert(not plugin:isnil(), "Ardour knows no plugin of that name")
track:add_processor_by_index(plugin, 0, nil, true)
track:to_track():rec_enable_control():set_value(1, PBD.GroupControlDisposition.NoGroup)
session:maybe_enable_record(true)
session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
while session:transport_sample() < frames do ARDOUR.LuaAPI.usleep(100000) end
session:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
-- What was recorded becomes a region once the transport has come to rest.
local playlist = track:to_track():playlist()
while playlist:n_regions() == 0 do ARDOUR.LuaAPI.usleep(100000) end
session:disable_record(true, true)
session:save_state("")
close_session()
quit()
