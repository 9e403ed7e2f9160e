package dev.rszshm.testkit.simulation;

import dev.rszshm.heap.Heap;
import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.security.CodeSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Where a step comes from.
 *
 * @param own the line of the code under test, which is neither the kit's nor the library's; empty
 *     if no such code has made the step
 * @param call the method of the library that this line has called
 * @param inner the line that made the step: {@code own}, or one inside of the library
 */
record SourceLine(String own, String call, String inner) {
  /** Where a step comes from that no code makes: a death. */
  static final SourceLine NONE = new SourceLine("", "", "");

  private static final String KIT = "dev.rszshm.testkit.";
  private static final List<String> LIBRARY =
      List.of(
          "dev.rszshm.heap.",
          "dev.rszshm.sync.",
          "dev.rszshm.allocator.",
          "dev.rszshm.structures.");

  /** What runs the body of a process: no frame below is the body's. */
  private static final Set<String> RUNNERS =
      Set.of(Execution.class.getName(), CrashRun.class.getName());

  /** Classes whose methods are those of a heap, or of a region. */
  private static final Set<String> PARTS_OF_HEAP =
      Set.of(
          "dev.rszshm.heap.PlainAccess",
          "dev.rszshm.heap.OrderedAccess",
          "dev.rszshm.heap.AtomicAccess",
          "dev.rszshm.heap.ValueAccess",
          "dev.rszshm.heap.BulkAccess",
          "dev.rszshm.heap.SequenceAccess");

  /** Other classes through which an access only goes. */
  private static final Set<String> PLUMBING =
      Set.of(
          "dev.rszshm.heap.spi.Memory",
          "dev.rszshm.heap.BoundsCheck",
          "dev.rszshm.heap.Region",
          "dev.rszshm.heap.Heap",
          "dev.rszshm.heap.internal.wait.WordWait",
          "dev.rszshm.heap.internal.wait.ParkedSleep");

  /** Whether the line itself made the step, and not something inside of what it called. */
  boolean isDirect() {
    return own.equals(inner);
  }

  /** Where the present thread makes its step. */
  static SourceLine current() {
    List<StackFrame> frames =
        StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
            .walk(
                all ->
                    all.filter(frame -> !isWayThrough(frame))
                        .takeWhile(frame -> !RUNNERS.contains(outer(frame)))
                        .toList());
    if (frames.isEmpty()) {
      return new SourceLine("", "", "?");
    }
    CodeSource body = source(frames.get(frames.size() - 1).getDeclaringClass());
    int own = 0;
    while (own < frames.size() && isLibrary(frames.get(own), body)) {
      own++;
    }
    String inner =
        frames.stream()
            .filter(frame -> !isPlumbing(outer(frame)))
            .findFirst()
            .map(SourceLine::line)
            .orElse("?");
    boolean any = own < frames.size();
    return new SourceLine(
        any ? line(frames.get(own)) : "", own == 0 ? "" : method(frames.get(own - 1)), inner);
  }

  private static boolean isWayThrough(StackFrame frame) {
    String name = frame.getClassName();
    return name.startsWith("java.")
        || name.startsWith("jdk.")
        || (name.startsWith(KIT)
            && !RUNNERS.contains(outer(frame))
            && Objects.equals(source(frame.getDeclaringClass()), source(SourceLine.class)));
  }

  private static boolean isPlumbing(String type) {
    return PLUMBING.contains(type) || PARTS_OF_HEAP.contains(type);
  }

  /** The tests of a library may be in its packages: they come from where the body comes from. */
  private static boolean isLibrary(StackFrame frame, CodeSource body) {
    String name = frame.getClassName();
    return LIBRARY.stream().anyMatch(name::startsWith)
        && (Objects.equals(body, source(Heap.class))
            || !Objects.equals(body, source(frame.getDeclaringClass())));
  }

  private static CodeSource source(Class<?> type) {
    return type.getProtectionDomain().getCodeSource();
  }

  private static String line(StackFrame frame) {
    return frame.getFileName() + ":" + frame.getLineNumber();
  }

  private static String outer(StackFrame frame) {
    String name = frame.getClassName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private static String method(StackFrame frame) {
    String name = frame.getClassName();
    String type = PARTS_OF_HEAP.contains(name) ? "Heap" : name.substring(name.lastIndexOf('.') + 1);
    type = type.replace('$', '.');
    String method = frame.getMethodName();
    if (method.equals("<init>")) {
      return "new " + type;
    }
    // lambda$METHOD$0
    String[] parts = method.split("\\$");
    return type + "." + (parts.length == 3 && parts[0].equals("lambda") ? parts[1] : method);
  }
}
