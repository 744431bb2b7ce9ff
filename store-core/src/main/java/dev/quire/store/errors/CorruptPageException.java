package dev.quire.store.errors;

/// Bytes of the store are not what they must be. Nothing was written; [#violation()] names the
/// place.
public final class CorruptPageException extends StoreException {

  private static final long serialVersionUID = 1L;

  private final transient Violation violation;

  public CorruptPageException(Violation violation) {
    super(violation.toString(), null);
    this.violation = violation;
  }

  /// The place, what was expected there and what was found.
  public Violation violation() {
    return violation;
  }
}
