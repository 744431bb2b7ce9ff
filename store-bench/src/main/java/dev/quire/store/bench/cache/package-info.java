/// Quire as a cache, beside others: entries that expire, and values that are made when they are
/// first asked for.
@NullMarked
package dev.quire.store.bench.cache;

import org.jspecify.annotations.NullMarked;
