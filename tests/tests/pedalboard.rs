//! The VST3 in a host that is not ours: pedalboard, from PyPI, into a folder below the target folder.

use earmark_tests::daw::python::{Package, passes};
use earmark_tests::fixtures;

#[test]
fn pedalboard_gets_back_what_it_puts_in() {
    let plugin = fixtures::vst3().expect("the bundle is built");
    assert_eq!(passes(Package::Pedalboard, &plugin).expect("it comes back"), "30 passed bit for bit");
}
