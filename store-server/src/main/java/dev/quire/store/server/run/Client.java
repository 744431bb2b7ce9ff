package dev.quire.store.server.run;

import dev.quire.store.server.resp.ProtocolException;
import dev.quire.store.server.resp.Reply;
import dev.quire.store.server.resp.RequestParser;
import dev.quire.store.server.state.Outlet;
import dev.quire.store.server.state.Session;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A connection's requests: taken out of its bytes one after the other, as long as their replies
/// are taken. On the event loop.
public final class Client {

  /// Replies are passed on when there are so many bytes of them.
  private static final int FLUSH_BYTES = 64 << 10;

  private final Session session;
  private final Outlet outlet;
  private final Dispatcher dispatcher;
  private final RequestParser parser = new RequestParser();
  private @Nullable Batch batch;
  private byte @Nullable [][] held;
  private boolean withWriter;
  private boolean inputEnded;

  Client(Session session, Outlet outlet, Dispatcher dispatcher) {
    this.session = session;
    this.outlet = outlet;
    this.dispatcher = dispatcher;
  }

  /// The connection.
  public Session session() {
    return session;
  }

  /// What takes requests out of bytes: bytes that come are put there.
  public RequestParser parser() {
    return parser;
  }

  /// Bytes that wait.
  public int held() {
    return parser.held();
  }

  /// Runs what has come.
  public void process() {
    if (withWriter || session.closed) {
      return;
    }
    try {
      while (mayGoOn() && step()) {}
    } catch (ProtocolException e) {
      answer(out -> out.error("ERR Protocol error: " + e.getMessage()));
      session.closing = true;
    } finally {
      dispatcher.endReads();
    }
    Batch begun = batch;
    if (begun != null) {
      batch = null;
      withWriter = true;
      dispatcher.submit(begun);
    }
    parser.trim();
    session.queryBytes = parser.held();
    finish();
  }

  private boolean step() throws ProtocolException {
    byte[][] words = held;
    if (words != null) {
      held = null;
    } else {
      session.queryBytes = parser.held();
      words = parser.next(session.authenticated, dispatcher.maxBulkBytes());
    }
    if (words == null) {
      return false;
    }
    if (words.length == 0) {
      return true;
    }
    if (dispatcher.dispatch(this, words)) {
      return true;
    }
    held = words;
    return false;
  }

  private boolean mayGoOn() {
    Batch begun = batch;
    if (session.closing
        || session.closed
        || dispatcher.isStopped()
        || (begun != null && begun.isFull())) {
      return false;
    }
    if (session.out.length() >= FLUSH_BYTES) {
      outlet.write(session.out);
      outlet.flush();
    }
    return outlet.isWritable();
  }

  /// The end of what comes has come: what is there is answered, then the connection closed.
  public void endInput() {
    inputEnded = true;
    process();
  }

  private void finish() {
    if (session.out.length() > 0) {
      outlet.write(session.out);
      outlet.flush();
    }
    if (!withWriter && (session.closing || (inputEnded && outlet.isWritable()))) {
      outlet.close();
    }
  }

  /// The batch that is being gathered, or null.
  @Nullable Batch batch() {
    return batch;
  }

  /// The batch that is being gathered, begun if there is none.
  Batch beginBatch() {
    Batch begun = batch;
    if (begun == null) {
      begun = new Batch(this);
      batch = begun;
    }
    return begun;
  }

  /// Answers behind everything that was asked before.
  void answer(Consumer<Reply> reply) {
    Batch begun = batch;
    if (begun == null) {
      int start = session.out.length();
      reply.accept(session.out);
      Execution.suppress(session, session.out, start);
    } else {
      Reply bytes = new Reply(64);
      bytes.protocol(session.protocol());
      reply.accept(bytes);
      begun.add(
          new Request.Answered(java.util.Arrays.copyOf(bytes.bytes(), bytes.length())),
          new byte[0][]);
    }
  }

  /// The writer is done with the batch.
  void returned(Batch finished) {
    withWriter = false;
    if (!session.closed) {
      session.out.append(finished.out);
    }
  }

  /// Whether its requests are with the writer.
  public boolean isWithWriter() {
    return withWriter;
  }
}
