"""The VST3 in a host from a Python package.

foreign.py HOST PLUGIN passes         plays noise at several rates, block sizes and layouts; ends with 1 unless it comes back
foreign.py HOST PLUGIN state TO       writes what the plugin saves to TO
foreign.py HOST PLUGIN state TO FROM  the same, once it has been handed the state in FROM
"""
import os
import re
import struct
import sys
import tempfile
import time

RATES = (44100, 48000, 96000)
BLOCKS = (1, 7, 64, 512, 8192)
# Not a whole number of any block but the first.
FRAMES = 20011


class Pedalboard:
    def __init__(self, plugin):
        from pedalboard import load_plugin
        self.plugin = load_plugin(plugin)

    def play(self, noise, rate, block):
        return self.plugin.process(noise, rate, buffer_size=block, reset=True)

    def save(self):
        return self.plugin.raw_state

    def restore(self, state):
        self.plugin.raw_state = state

    def latency(self):
        # It takes a delay off by itself, which the noise that it returns would not show.
        return self.plugin.reported_latency_samples


class Minihost:
    def __init__(self, plugin):
        from minihost import Plugin
        self.make = lambda *setup: Plugin(plugin, *setup)
        self.plugin = self.make()

    def play(self, noise, rate, block):
        import numpy
        self.plugin = self.make(rate, block, len(noise), len(noise))
        out = numpy.empty_like(noise)
        for at in range(0, noise.shape[1], block):
            self.plugin.set_transport(120, position_samples=at, is_playing=True)
            part = numpy.ascontiguousarray(noise[:, at:at + block])
            passed = numpy.zeros_like(part)
            self.plugin.process(part, passed)
            out[:, at:at + block] = passed
        return out

    def save(self):
        return self.plugin.get_state()

    def restore(self, state):
        self.plugin.set_state(state)

    def latency(self):
        return self.plugin.latency_samples


class Dawdreamer:
    def __init__(self, plugin):
        self.path = plugin
        self.engine, self.plugin = self.load(48000, 512)

    def load(self, rate, block):
        from dawdreamer import RenderEngine
        engine = RenderEngine(rate, block)
        return engine, engine.make_plugin_processor("earmark", self.path)

    def play(self, noise, rate, block):
        self.engine, self.plugin = self.load(rate, block)
        self.plugin.set_bus(len(noise), len(noise))
        source = self.engine.make_playback_processor("noise", noise)
        self.engine.load_graph([(source, []), (self.plugin, ["noise"])])
        # A block more than there is, for the engine cuts what is left of one.
        self.engine.render((noise.shape[1] + block) / rate)
        return self.plugin.get_audio()[:, :noise.shape[1]]

    def save(self):
        return self.through_a_file(lambda path: self.plugin.save_state(path))

    def restore(self, state):
        self.through_a_file(lambda path: self.plugin.load_state(path), state)

    def latency(self):
        return self.plugin.get_latency_samples()

    def through_a_file(self, work, before=b""):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "state")
            with open(path, "wb") as file:
                file.write(before)
            work(path)
            with open(path, "rb") as file:
                return file.read()


# JUCE, which all three are made of, wraps a VST3's state: a magic number, a length, XML, and in it base 64 of JUCE's
# own kind, which begins with the lowest bits.
LETTERS = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"
COMPONENT = re.compile(r"(<IComponent>)([^<]*)(</IComponent>)")


def unwrapped(state):
    length, letters = COMPONENT.search(state[8:].decode())[2].strip().split(".", 1)
    values = [LETTERS.index(letter) for letter in letters]
    values += [0] * (-len(values) % 4)
    groups = (values[at:at + 4] for at in range(0, len(values), 4))
    packed = b"".join((a | b << 6 | c << 12 | d << 18).to_bytes(3, "little") for a, b, c, d in groups)
    return packed[:int(length)]


def wrapped(component, state):
    bits = (int.from_bytes(component[at:at + 3], "little") for at in range(0, len(component), 3))
    letters = "".join(LETTERS[value >> shift & 63] for value in bits for shift in (0, 6, 12, 18))
    letters = letters[:(len(component) * 8 + 5) // 6]
    packed = lambda found: f"{found[1]}{len(component)}.{letters}{found[3]}"
    xml = COMPONENT.sub(packed, state[8:].decode().rstrip("\0")).encode()
    return state[:4] + struct.pack("<I", len(xml)) + xml + b"\0"


def passes(host):
    import numpy
    noise = numpy.random.default_rng(7).uniform(-1, 1, (2, FRAMES)).astype(numpy.float32)
    checked = 0
    for rate in RATES:
        for block in BLOCKS:
            for channels in (1, 2):
                given = numpy.ascontiguousarray(noise[:channels])
                back = host.play(given, rate, block)
                what = f"{channels} channels in blocks of {block} at {rate} Hz"
                if host.latency() != 0:
                    sys.exit(f"a delay of {host.latency()} frames: {what}")
                if back.shape != given.shape or back.tobytes() != given.tobytes():
                    sys.exit(f"not bit for bit: {what}")
                checked += 1
    print(checked, "passed bit for bit")


def state(host, after, before=None):
    if before:
        with open(before, "rb") as file:
            host.restore(wrapped(file.read(), host.save()))
        # Meanwhile the plugin's own thread takes it over; else it might save what it was handed, unread.
        time.sleep(1)
    saved = unwrapped(host.save())
    with open(after, "wb") as file:
        file.write(saved)
    print(len(saved), "bytes of state")


if __name__ == "__main__":
    name, plugin, task, *files = sys.argv[1:]
    host = {"pedalboard": Pedalboard, "minihost": Minihost, "dawdreamer": Dawdreamer}[name](plugin)
    {"passes": passes, "state": state}[task](host, *files)
    sys.stdout.flush()
    # What a host's own library does as the process ends is not what is checked.
    os._exit(0)
