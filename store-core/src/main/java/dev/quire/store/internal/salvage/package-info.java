/// Saves what can be read of a damaged store.
@NullMarked
package dev.quire.store.internal.salvage;

import org.jspecify.annotations.NullMarked;
