/// STUB: drop this package when merging; only so that the API floor compiles.
@NullMarked
package dev.quire.store.internal.inspect;

import org.jspecify.annotations.NullMarked;
