package dev.rszshm.cli.check;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.cli.check.Trouble.Severity;
import dev.rszshm.cli.kind.Kind;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.cli.kind.SynchronizerRoot;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapInfo;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.HeapException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks at everything in a heap: the header, who is attached, the allocator with every byte of it,
 * and each root that is of a kind it knows. It attaches for reading only and changes nothing, so
 * that it may run beside any number of processes. What is found in a structure that somebody may be
 * changing counts only if it is found in look after look.
 */
public final class HeapCheck {
  private static final int LOOKS = 5;
  private static final Duration BETWEEN = Duration.ofMillis(20);
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);

  private final Path path;
  private final Advice advice;
  private final List<Trouble> troubles = new ArrayList<>();
  private Optional<AllocatorCheck> sums = Optional.empty();
  private int roots;
  private boolean readable;

  private HeapCheck(Path path) {
    this.path = path;
    this.advice = new Advice(path.toString());
  }

  /**
   * What was found.
   *
   * @param path the heap
   * @param troubles what is not as it should be
   * @param sums where every byte of the heap is, if it has an allocator that could be read
   * @param roots how many roots were looked at
   * @param readable whether the header was good enough to attach to the heap
   */
  public record Result(
      Path path,
      List<Trouble> troubles,
      Optional<AllocatorCheck> sums,
      int roots,
      boolean readable) {

    /** Returns the worst that was found; empty if nothing was. */
    public Optional<Severity> worst() {
      return troubles.stream().map(Trouble::severity).max(Severity::compareTo);
    }

    /** Returns the verdict in one word. */
    public String verdict() {
      return worst()
          .map(
              severity ->
                  switch (severity) {
                    case NOTE -> "sound";
                    case RECOVERABLE -> "recoverable";
                    case ERROR -> "damaged";
                  })
          .orElse("healthy");
    }

    /** Returns whether it is neither damaged nor waits for recovery. */
    public boolean isGood() {
      return worst().map(s -> s == Severity.NOTE).orElse(true);
    }
  }

  /**
   * Checks a heap.
   *
   * @throws dev.rszshm.heap.errors.NoSuchHeapException if there is none
   * @throws dev.rszshm.heap.errors.NotAHeapException if the file is something else
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if it may not be read
   */
  public static Result of(Path path, Function<Path, Heap> opening) {
    HeapCheck check = new HeapCheck(path);
    check.run(opening);
    return new Result(path, List.copyOf(check.troubles), check.sums, check.roots, check.readable);
  }

  private void run(Function<Path, Heap> opening) {
    HeapInfo info;
    try {
      info = HeapInfo.of(path);
    } catch (HeapException e) {
      if (List.of("no-such-heap", "not-a-heap", "heap-access-denied").contains(e.kind())) {
        throw e;
      }
      troubles.add(advice.header(Severity.ERROR, e.getMessage(), e.kind()));
      return;
    }
    checkParticipants(info);
    try (Heap heap = opening.apply(path)) {
      readable = true;
      checkContent(heap, info.participants().stream().anyMatch(Participant::alive));
    } catch (HeapException e) {
      troubles.add(
          readable
              ? advice.allocator(Severity.ERROR, -1, e.getMessage())
              : advice.notReadable(e.getMessage()));
    }
  }

  private void checkParticipants(HeapInfo info) {
    Instant future = Instant.now().plus(CLOCKS_DIFFER);
    for (Participant p : info.participants()) {
      String who = "participant " + p.slot() + ", process " + p.pid();
      if (p.pid() <= 0 || p.generation() <= 0 || p.attached().isAfter(future)) {
        troubles.add(
            advice.participant(
                Severity.ERROR,
                who
                    + ", generation "
                    + p.generation()
                    + ", attached "
                    + p.attached()
                    + ": there can be no such participant"));
      } else if (!p.alive()) {
        troubles.add(advice.participant(Severity.NOTE, who + ", has died"));
      }
    }
  }

  private void checkContent(Heap heap, boolean inUse) {
    Allocator allocator;
    try {
      allocator = Allocator.on(heap);
    } catch (NotAnAllocatorException e) {
      troubles.add(
          Allocator.isPresent(heap)
              ? advice.allocator(Severity.ERROR, heap.dataOffset(), e.getMessage())
              : advice.noAllocator());
      return;
    }
    checkAllocator(allocator);
    List<RootEntry> entries = allocator.roots();
    for (RootEntry entry : entries) {
      checkRoot(new Root(allocator, entry), inUse);
    }
    roots = entries.size();
  }

  private void checkAllocator(Allocator allocator) {
    try {
      AllocatorCheck check = allocator.check();
      sums = Optional.of(check);
      for (Map.Entry<AllocatorCheck.Finding, Integer> each : grouped(check).entrySet()) {
        AllocatorCheck.Finding finding = each.getKey();
        Severity severity =
            switch (finding.severity()) {
              case NOTE -> Severity.NOTE;
              case RECOVERABLE -> Severity.RECOVERABLE;
              case ERROR -> Severity.ERROR;
            };
        int more = each.getValue() - 1;
        String message = finding.message() + (more == 0 ? "" : ", and " + more + " more like it");
        troubles.add(advice.allocator(severity, finding.offset(), message));
      }
    } catch (RuntimeException e) {
      troubles.add(advice.allocator(Severity.ERROR, -1, describe(e)));
    }
  }

  /** Findings of which only the places differ count as the first of them. */
  private static Map<AllocatorCheck.Finding, Integer> grouped(AllocatorCheck check) {
    Map<String, AllocatorCheck.Finding> first = new HashMap<>();
    Map<AllocatorCheck.Finding, Integer> counts = new LinkedHashMap<>();
    for (AllocatorCheck.Finding finding : check.findings()) {
      counts.merge(first.computeIfAbsent(finding.message(), m -> finding), 1, Integer::sum);
    }
    return counts;
  }

  private void checkRoot(Root root, boolean inUse) {
    List<Kind.Finding> findings = look(root);
    for (int i = 1; inUse && i < LOOKS && !findings.isEmpty(); i++) {
      root.heap().pause(BETWEEN);
      List<Kind.Finding> again = look(root);
      findings = findings.stream().filter(again::contains).toList();
    }
    if (!findings.isEmpty() && inUse && isGone(root)) {
      return;
    }
    boolean isLock = !findings.isEmpty() && Kinds.of(root) instanceof SynchronizerRoot;
    for (Kind.Finding f : findings) {
      troubles.add(
          isLock && f.severity() == Severity.RECOVERABLE
              ? advice.lock(root.name(), f.offset(), f.message())
              : advice.root(f.severity(), root.name(), f.offset(), f.message()));
    }
  }

  private static boolean isGone(Root root) {
    return !root.allocator().findRoot(root.name()).equals(Optional.of(root.entry()));
  }

  private static List<Kind.Finding> look(Root root) {
    try {
      return Kinds.of(root).check(root);
    } catch (RuntimeException e) {
      return List.of(new Kind.Finding(Severity.ERROR, root.entry().slot(), describe(e)));
    }
  }

  private static String describe(RuntimeException e) {
    String message = e.getMessage();
    boolean explains = e instanceof HeapException || e instanceof IllegalStateException;
    return explains && message != null ? message : "words that make no sense: " + e;
  }
}
