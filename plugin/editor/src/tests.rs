//! Tests of the editor as a whole.

mod banners;
mod clicks;
mod edits;
mod exports;
mod fault;
mod files;
mod find;
mod fixture;
mod frames;
mod keys;
mod layout;
mod looking;
mod pictures;
mod raster;
mod readings;
mod repaint;
mod rules;
mod settings;
mod text;
