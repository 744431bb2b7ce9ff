/// How a store is opened: immutable records, no behaviour.
@NullMarked
package dev.quire.store.options;

import org.jspecify.annotations.NullMarked;
