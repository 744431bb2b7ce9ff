package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import java.util.HexFormat;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "page",
    description = "Print what is in a page of the file, decoded; with --hex its bytes too.",
    footer = {
      "",
      "A damaged page is decoded as far as it can be read. docs/FORMAT.md says what the fields"
          + " are.",
      "",
      "Examples:",
      "  quire page my.quire 0",
      "  quire page my.quire 1031 --hex",
      "",
      "JSON: schema, page, kind, parts: offset, length, name, value; with --hex bytes."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class PageCommand extends StoreCommand {

  private static final int ROW_BYTES = 16;

  @Mixin private StoreTarget target;

  @Parameters(index = "1", paramLabel = "N", description = "Number of the page, from 0.")
  private long number;

  @Option(
      names = "--hex",
      description = "Its bytes too, sixteen a line; lines of zeros are left out.")
  private boolean hex;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  PageCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() {
    Inspector.Page page;
    try (Inspector inspector = target.inspect(output())) {
      page = inspector.page(number);
    }
    if (json) {
      output().line(json(page));
      return ExitCode.OK;
    }
    output().line(output().bold("page " + page.pageNo() + ": " + page.kind()));
    for (Inspector.Part part : page.parts()) {
      String place = part.length() == 0 ? "" : part.offset() + "+" + part.length();
      output().line(String.format(Locale.ROOT, "%10s  %-14s %s", place, part.name(), part.value()));
    }
    if (hex) {
      printBytes(page.image());
    }
    return ExitCode.OK;
  }

  private void printBytes(byte[] image) {
    HexFormat format = HexFormat.ofDelimiter(" ");
    boolean left = false;
    for (int at = 0; at < image.length; at += ROW_BYTES) {
      int end = Math.min(image.length, at + ROW_BYTES);
      StringBuilder text = new StringBuilder();
      boolean zero = true;
      for (int i = at; i < end; i++) {
        zero &= image[i] == 0;
        text.append(image[i] >= ' ' && image[i] <= '~' ? (char) image[i] : '.');
      }
      if (!zero) {
        output()
            .line(
                String.format(
                    Locale.ROOT, "%06x  %-47s  %s", at, format.formatHex(image, at, end), text));
      } else if (!left) {
        output().line("*");
      }
      left = zero;
    }
  }

  private String json(Inspector.Page page) {
    Json parts = Json.array();
    for (Inspector.Part part : page.parts()) {
      parts.add(
          Json.object()
              .put("offset", part.offset())
              .put("length", part.length())
              .put("name", part.name())
              .put("value", part.value()));
    }
    Json object =
        Json.object()
            .put("schema", 1)
            .put("page", page.pageNo())
            .put("kind", page.kind())
            .put("parts", parts);
    if (hex) {
      object.put("bytes", HexFormat.of().formatHex(page.image()));
    }
    return object.toString();
  }
}
