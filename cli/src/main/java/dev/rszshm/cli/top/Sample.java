package dev.rszshm.cli.top;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.AllocatorStatistics.ParticipantUse;
import dev.rszshm.allocator.AllocatorStatistics.SizeClassUse;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.cli.Json;
import dev.rszshm.cli.file.DataRanges;
import dev.rszshm.cli.kind.Description;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A heap at one moment.
 *
 * @param nanos when that was, by {@link System#nanoTime}
 * @param length bytes of the heap
 * @param span bytes it can grow to
 * @param memory bytes that have memory
 * @param growths how often it has grown
 * @param statistics of its allocator, if it has one
 * @param participants who is attached
 * @param roots what has a name, by name
 */
public record Sample(
    long nanos,
    long length,
    long span,
    long memory,
    long growths,
    Optional<AllocatorStatistics> statistics,
    List<Participant> participants,
    Map<String, Description> roots) {
  private static final int MOST_ROOTS = 1000;

  /** Looks at a heap. */
  public static Sample of(Heap heap, Path file) {
    Map<String, Description> roots = new java.util.TreeMap<>();
    Optional<AllocatorStatistics> statistics = Optional.empty();
    try (Allocator allocator = Allocator.on(heap)) {
      statistics = Optional.of(allocator.statistics());
      List<RootEntry> entries =
          allocator.roots().stream()
              .sorted(Comparator.comparing(RootEntry::name))
              .limit(MOST_ROOTS)
              .toList();
      for (RootEntry entry : entries) {
        roots.put(entry.name(), Kinds.describe(new Root(allocator, entry)));
      }
    } catch (NotAnAllocatorException e) {
      statistics = Optional.empty(); // a program's own content
    }
    long length = heap.length();
    return new Sample(
        System.nanoTime(),
        length,
        heap.span(),
        DataRanges.memory(file, length),
        heap.isPlain() ? 0 : heap.growths(),
        statistics,
        heap.participants(),
        roots);
  }

  /** Returns the bytes of blocks in use. */
  public long used() {
    return statistics.map(AllocatorStatistics::used).orElse(0L);
  }

  /** Returns the number of blocks in use. */
  public long blocks() {
    return statistics
        .map(s -> s.classes().stream().mapToLong(SizeClassUse::used).sum() + s.largeBlocks())
        .orElse(0L);
  }

  /** Returns the threads of a participant that allocate. */
  public int lanes(Participant p) {
    return statistics.stream()
        .flatMap(s -> s.participants().stream())
        .filter(u -> u.slot() == p.slot() && u.generation() == p.generation())
        .mapToInt(ParticipantUse::lanes)
        .sum();
  }

  /** Returns the number of messages of a channel, or empty if the root is none. */
  public Optional<Long> messages(String root) {
    Description description = roots.get(root);
    return description != null && description.facts().get("messages") instanceof Long n
        ? Optional.of(n)
        : Optional.empty();
  }

  /** Returns it as JSON, with what has changed a second since another. */
  public Map<String, Object> json(String path, Sample before) {
    double seconds = Math.max(1e-3, (nanos - before.nanos) / 1e9);
    List<Map<String, Object>> busy = new ArrayList<>();
    roots.forEach(
        (name, d) ->
            busy.add(
                Json.object("name", name, "kind", d.kind(), "text", d.text(), "facts", d.facts())));
    return Json.object(
        "path", path,
        "length", length,
        "span", span,
        "memory", memory,
        "growths", growths,
        "used", used(),
        "blocks", blocks(),
        "usedPerSecond", (used() - before.used()) / seconds,
        "blocksPerSecond", (blocks() - before.blocks()) / seconds,
        "participants",
            participants.stream()
                .map(
                    p -> {
                      Map<String, Object> map = Json.of(p);
                      map.put("lanes", lanes(p));
                      return map;
                    })
                .toList(),
        "roots", busy);
  }
}
