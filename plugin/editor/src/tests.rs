//! Tests of the editor as a whole.

mod clicks;
mod fixture;
mod layout;
mod repaint;
mod rules;
mod text;
