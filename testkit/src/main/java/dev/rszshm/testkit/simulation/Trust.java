package dev.rszshm.testkit.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Code whose calls are one step each. A call is told from others by the lines that lead to it: of
 * consecutive calls from the same place, with no other step in between, nobody can tell one from
 * two.
 */
final class Trust {
  static final Trust NONE = new Trust(Set.of(), Set.of());

  /** The step is not of trusted code. */
  static final long NO_CALL = 0;

  private static final Set<String> RUNNERS =
      Set.of(Execution.class.getName(), CrashRun.class.getName());

  private final Set<String> classes;
  private final Set<String> packages;

  private Trust(Set<String> classes, Set<String> packages) {
    this.classes = classes;
    this.packages = packages;
  }

  Trust and(List<Class<?>> others) {
    Set<String> all = new LinkedHashSet<>(classes);
    others.forEach(other -> all.add(other.getName()));
    return new Trust(all, packages);
  }

  Trust andPackages(List<String> others) {
    Set<String> all = new LinkedHashSet<>(packages);
    all.addAll(others);
    return new Trust(classes, all);
  }

  /** Which call of trusted code the present thread is in; {@link #NO_CALL} if it is in none. */
  long call() {
    if (classes.isEmpty() && packages.isEmpty()) {
      return NO_CALL;
    }
    List<StackWalker.StackFrame> frames =
        StackWalker.getInstance()
            .walk(all -> all.takeWhile(frame -> !isRunner(frame.getClassName())).toList());
    int outermost = frames.size() - 1;
    while (outermost >= 0 && !isTrusted(frames.get(outermost).getClassName())) {
      outermost--;
    }
    if (outermost < 0) {
      return NO_CALL;
    }
    long call = frames.get(outermost).getMethodName().hashCode();
    for (StackWalker.StackFrame frame : frames.subList(outermost + 1, frames.size())) {
      call = Hash.mix(call, frame.getClassName().hashCode());
      call = Hash.mix(call, frame.getMethodName().hashCode());
      call = Hash.mix(call, frame.getByteCodeIndex());
    }
    return call == NO_CALL ? 1 : call;
  }

  private boolean isTrusted(String name) {
    return isOneOf(classes, name, '$') || isOneOf(packages, name, '.');
  }

  /** Whether a class has one of the names, or is in what has it. */
  private static boolean isOneOf(Set<String> trusted, String name, char separator) {
    for (String one : trusted) {
      int length = one.length();
      if (name.startsWith(one) && (name.length() == length || name.charAt(length) == separator)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isRunner(String name) {
    return RUNNERS.contains(name);
  }
}
