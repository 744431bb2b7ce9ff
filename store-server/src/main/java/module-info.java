/// Reserved for a server in front of a store. Nothing is here yet.
module dev.quire.store.server {
  requires static org.jspecify;
}
