"""The pages, one module for each part of the sidebar; every module here is found by itself."""
