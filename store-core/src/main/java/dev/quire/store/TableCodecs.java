package dev.quire.store;

/// With which codecs the typed views of a table are opened: their names.
///
/// @param keys name of the codec of the keys; `#` and a number in hex if the name was lost
/// @param values the same of the values
public record TableCodecs(String keys, String values) {

  /// `keys "string" and values "json:user/1"`.
  @Override
  public String toString() {
    return "keys \"" + keys + "\" and values \"" + values + "\"";
  }
}
