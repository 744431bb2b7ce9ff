/// The Quire key-value store: an embedded, memory-mapped, ordered store.
@SuppressWarnings({"module", "requires-automatic"})
module dev.quire.store {
  requires static transitive org.jspecify;

  // Events of the Flight Recorder, where there is one.
  requires static jdk.jfr;

  // For the package metrics alone.
  requires static com.codahale.metrics;

  // For the backend "lmdb" alone.
  requires static lmdbjava;
  requires static org.jnrproject.ffi;

  // For values written by Kryo alone.
  requires static com.esotericsoftware.kryo;

  exports dev.quire.store;
  exports dev.quire.store.cache;
  exports dev.quire.store.errors;
  exports dev.quire.store.internal.inspect to
      dev.quire.store.cli;
  exports dev.quire.store.kryo;
  exports dev.quire.store.lmdb;
  exports dev.quire.store.metrics;
  exports dev.quire.store.options;

  uses dev.quire.store.StoreProvider;

  provides dev.quire.store.StoreProvider with
      dev.quire.store.lmdb.LmdbProvider;
}
