package dev.quire.store.cli;

import dev.quire.store.internal.inspect.Inspector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "space",
    description = "Print where the room of a store goes, with a picture of its file.",
    footer = {
      "",
      "Each character of the picture is a part of the file, its letter what most of it is used"
          + " for:",
      "the table's letter, = superblocks and ring, + space map and replaced pages, . free.",
      "",
      "Examples:",
      "  quire space my.quire",
      "  quire space my.quire --svg space.svg",
      "",
      "JSON: schema, pageSizeBytes, pages, and of each use its name and pages."
    })
@SuppressWarnings("NullAway.Init") // set by picocli
final class SpaceCommand extends StoreCommand {

  @Mixin private StoreTarget target;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw the picture into FILE instead; - is the standard output.")
  private @Nullable String svg;

  @Option(names = "--force", description = "Replace FILE if it exists.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  SpaceCommand(Output output) {
    super(output);
  }

  @Override
  ExitCode run() throws IOException {
    Inspector.SpaceMap map;
    int pageSizeBytes;
    try (Inspector inspector = target.inspect(output())) {
      map = inspector.map();
      pageSizeBytes = inspector.facts().pageSizeBytes();
    }
    SpacePicture picture = new SpacePicture(map);
    if (svg != null) {
      try (OutputFile file = new OutputFile(output(), svg, force)) {
        file.stream().write(picture.svg(pageSizeBytes).getBytes(StandardCharsets.UTF_8));
        file.finish();
      }
      return ExitCode.OK;
    }
    if (json) {
      output().line(json(picture, pageSizeBytes));
      return ExitCode.OK;
    }
    for (String line : picture.lines()) {
      output().line(line);
    }
    output().line("");
    for (SpacePicture.Share share : picture.shares()) {
      output()
          .line(
              String.format(
                  Locale.ROOT,
                  "%s %-24s %12s  %5.1f%%",
                  share.letter(),
                  share.name(),
                  Amounts.bytes(share.pages() * pageSizeBytes),
                  share.pages() * 100.0 / Math.max(1, map.uses().length)));
    }
    return ExitCode.OK;
  }

  private static String json(SpacePicture picture, int pageSizeBytes) {
    Json uses = Json.array();
    long pages = 0;
    List<SpacePicture.Share> shares = new ArrayList<>(picture.shares());
    for (SpacePicture.Share share : shares) {
      pages += share.pages();
      Json use = Json.object().put("name", share.name()).put("pages", share.pages());
      uses.add(share.isTable() ? use.put("table", true) : use);
    }
    return Json.object()
        .put("schema", 1)
        .put("pageSizeBytes", pageSizeBytes)
        .put("pages", pages)
        .put("uses", uses)
        .toString();
  }
}
