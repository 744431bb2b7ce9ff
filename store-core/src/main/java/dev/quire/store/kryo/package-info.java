/// Objects as values, by Kryo 5: [dev.quire.store.kryo.KryoCodec].
///
/// Kryo is not part of the store. Who uses this package adds `com.esotericsoftware:kryo:5.6.2`.
@NullMarked
package dev.quire.store.kryo;

import org.jspecify.annotations.NullMarked;
