/// Benchmarks of the store beside its one peer, LMDB, and the maps of the JDK.
@NullMarked
package dev.quire.store.bench;

import org.jspecify.annotations.NullMarked;
