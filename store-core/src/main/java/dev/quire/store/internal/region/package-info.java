/// Bytes of one file: the only floor that opens, maps, reads, writes, syncs and locks files.
@NullMarked
package dev.quire.store.internal.region;

import org.jspecify.annotations.NullMarked;
