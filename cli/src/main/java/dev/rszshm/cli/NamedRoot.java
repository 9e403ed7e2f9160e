package dev.rszshm.cli;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.cli.kind.Root;
import java.util.List;
import java.util.stream.Collectors;

/** Finds what a user has named. */
final class NamedRoot {
  private static final int MOST_NAMES = 10;

  private NamedRoot() {}

  /**
   * Returns the root of a name.
   *
   * @throws CommandException naming those that there are, if there is none
   */
  static Root of(Allocator allocator, String name) {
    return allocator
        .findRoot(name)
        .map(entry -> new Root(allocator, entry))
        .orElseThrow(
            () ->
                CommandException.failed(
                    "no-such-root", "there is no root \"" + name + "\"; " + names(allocator)));
  }

  private static String names(Allocator allocator) {
    List<String> names = allocator.roots().stream().map(r -> r.name()).sorted().toList();
    return names.isEmpty()
        ? "there are none at all"
        : "there are "
            + names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
            + (names.size() > MOST_NAMES ? " and more: rszshm roots shows them" : "");
  }
}
