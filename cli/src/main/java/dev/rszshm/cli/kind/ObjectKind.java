package dev.rszshm.cli.kind;

import dev.rszshm.cli.Json;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.structures.object.ObjectView;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Shared objects, whose content is bytes with a checksum here. */
final class ObjectKind implements Kind {
  private static ObjectView view(Root root) {
    return ObjectView.at(root.heap(), root.place(1), root.length(1));
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
                        + (c.writes() == 1 ? "once" : c.writes() + " times"))
            .orElse("object that was never written"),
        Json.object(
            "length", content.map(c -> (long) c.bytes().length).orElse(null),
            "capacity", view(root).capacity(),
            "writes", content.map(ObjectView.Content::writes).orElse(0L),
            "codec", content.map(c -> String.format(Locale.ROOT, "0x%x", c.codec())).orElse(null),
            "codecVersion", content.map(ObjectView.Content::codecVersion).orElse(null)));
  }

  @Override
  public List<Finding> check(Root root) {
    return view(root).check().stream()
        .map(text -> new Finding(Severity.ERROR, root.block(), text))
        .toList();
  }

  @Override
  public void dump(Root root, PrintStream out, int most) {
    out.println(view(root).content().map(c -> ByteText.of(c.bytes())).orElse("never written"));
  }
}
