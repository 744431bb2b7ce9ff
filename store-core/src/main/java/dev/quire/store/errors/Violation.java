package dev.quire.store.errors;

/// One broken invariant of a store's bytes: used both by [CorruptPageException] and by the checker.
///
/// @param pageNo the page, or -1 if the violation is not of one page
/// @param expected what must be there, in words
/// @param found what is there instead, in words
public record Violation(long pageNo, String expected, String found) {

  @Override
  public String toString() {
    String place = pageNo < 0 ? "store" : "page " + pageNo;
    return place + ": expected " + expected + ", found " + found;
  }
}
