package dev.quire.store.server.resp;

/// A client sent what is no request. The message is the reply's text behind `ERR Protocol error: `;
/// the connection is of no more use.
public final class ProtocolException extends Exception {

  private static final long serialVersionUID = 1L;

  /// With the text of the reply.
  public ProtocolException(String message) {
    super(message, null, false, false);
  }
}
