/// The exceptions of the store: one type for each way a caller can react.
@NullMarked
package dev.quire.store.errors;

import org.jspecify.annotations.NullMarked;
