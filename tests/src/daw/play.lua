-- Plays the session from its start, and saves it again and again until somebody makes a file named "heard" in it.
local folder, frames = arg[1], tonumber(arg[2])
AudioEngine:set_backend("None (Dummy)", "", "")
local session = assert(load_session(folder, "take"))
session:goto_start(false)
while session:transport_sample() ~= 0 do ARDOUR.LuaAPI.usleep(100000) end
session:request_roll(ARDOUR.TransportRequestSource.TRS_UI)
while session:transport_sample() < frames do ARDOUR.LuaAPI.usleep(100000) end
session:request_stop(false, false, ARDOUR.TransportRequestSource.TRS_UI)
repeat
  ARDOUR.LuaAPI.usleep(1000000)
  session:save_state("")
  local heard = io.open(folder .. "/heard")
until heard
close_session()
quit()
