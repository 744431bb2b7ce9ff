package dev.quire.store.server.run;

import dev.quire.store.options.Durability;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.state.Session;
import dev.quire.store.server.state.Session.Replies;
import dev.quire.store.server.table.Command;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests of one connection on their way through the writer. From the loop to the writer and back
/// it is handed on as a whole, with the connection.
final class Batch {

  /// So much is taken at a time.
  static final int MAX_REQUESTS = 1024;

  static final long MAX_BYTES = 4 << 20;

  /// A command that ran.
  ///
  /// @param command which
  /// @param words the request
  /// @param nanos how long it took
  /// @param hits lookups that found a key
  /// @param misses lookups that did not
  /// @param errorCode the code of its error reply, or null
  record Done(
      Command command,
      byte[][] words,
      long nanos,
      int hits,
      int misses,
      @Nullable String errorCode) {

    /// A command that looked nothing up.
    Done(Command command, byte[][] words, long nanos) {
      this(command, words, nanos, 0, 0, null);
    }
  }

  final Client client;
  final List<Request> requests = new ArrayList<>();
  final List<Effect> effects = new ArrayList<>();
  final List<Done> done = new ArrayList<>();
  final Reply out = new Reply(64);
  final @Nullable Durability durability;
  private final int dbAtFirst;
  private final Replies repliesAtFirst;
  private long sizeBytes;

  Batch(Client client) {
    this.client = client;
    this.durability = client.session().durability;
    this.dbAtFirst = client.session().db;
    this.repliesAtFirst = client.session().replies;
    out.protocol(client.session().protocol());
  }

  Session session() {
    return client.session();
  }

  void add(Request request, byte[][] words) {
    requests.add(request);
    for (byte[] word : words) {
      sizeBytes += word.length;
    }
  }

  boolean isFull() {
    return requests.size() >= MAX_REQUESTS || sizeBytes >= MAX_BYTES;
  }

  /// Forgets what it has done: it is done again, or answered with an error.
  void restart() {
    effects.clear();
    done.clear();
    out.clear();
    session().db = dbAtFirst;
    session().replies = repliesAtFirst;
  }
}
