//! earmark-models
