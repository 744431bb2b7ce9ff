package dev.quire.store.internal.inspect;

import dev.quire.store.internal.format.PageType;
import java.util.Locale;

/// What kinds of pages are called in reports.
final class PageKinds {

  static final String FREE = "free";
  static final String PENDING = "pending";

  private PageKinds() {}

  /// The name of a stored type, in small letters.
  static String name(int typeCode) {
    for (PageType type : PageType.values()) {
      if (type.code() == typeCode) {
        return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
      }
    }
    return "type " + typeCode;
  }
}
