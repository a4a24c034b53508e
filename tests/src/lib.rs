//! earmark-tests
