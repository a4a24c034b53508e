-- Loads the session and saves it under another name.
AudioEngine:set_backend("None (Dummy)", "", "")
local session = assert(load_session(arg[1], "take"))
session:save_state("again")
close_session()
quit()
