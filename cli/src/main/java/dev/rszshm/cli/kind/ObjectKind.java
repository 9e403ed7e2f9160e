package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.structures.object.ObjectView;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** Shared objects, whose content is bytes with a checksum here. */
final class ObjectKind implements Kind {
  private static ObjectView view(Root root) {
    return ObjectView.at(root.heap(), root.place(1), root.length(1));
  }

  private static String text(ObjectView.Content content) {
    return CodecText.of(content.format(), content.bytes());
  }

  @Override
  public Description describe(Root root) {
    Optional<ObjectView.Content> content = view(root).content();
    return new Description(
        "object",
        content
            .map(
                c ->
                    "object of "
                        + c.bytes().length
                        + " bytes, written "
                        + (c.writes() == 1 ? "once" : c.writes() + " times")
                        + " by the codec "
                        + FormatText.of(c.format()))
            .orElse("object that was never written"),
        FormatText.add(
            Json.object(
                "length", content.map(c -> (long) c.bytes().length).orElse(null),
                "capacity", view(root).capacity(),
                "writes", content.map(ObjectView.Content::writes).orElse(0L)),
            "",
            content.map(ObjectView.Content::format).orElse(null)));
  }

  @Override
  public List<Finding> check(Root root) {
    return view(root).check().stream()
        .map(text -> new Finding(Severity.ERROR, root.block(), text))
        .toList();
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    out.println(view(root).content().map(ObjectKind::text).orElse("never written"));
  }
}
