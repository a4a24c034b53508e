//! Tests of the editor as a whole.

mod clicks;
mod edits;
mod find;
mod fixture;
mod layout;
mod repaint;
mod rules;
mod settings;
mod text;
