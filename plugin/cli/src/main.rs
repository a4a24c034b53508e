//! earmark-cli
fn main() {}
