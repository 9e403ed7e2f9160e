package dev.rszshm.cli.check;

import dev.rszshm.cli.check.Trouble.Severity;

/** What findings mean for who uses the heap, and what mends them. */
final class Advice {
  private static final String KEEP =
      "stop the programs, keep a copy of the file, then restore a snapshot or make a new heap";

  private final String path;

  Advice(String path) {
    this.path = path;
  }

  Trouble header(Severity severity, String found, String kind) {
    return switch (kind) {
      case "unsupported-format" ->
          trouble(
              severity,
              "header",
              found,
              "this version of the command cannot tell whether it is sound",
              "use rszshm of the version that made it, or a newer one");
      case "heap-not-ready" ->
          trouble(
              severity,
              "header",
              found,
              "nobody can attach",
              "try again; if nobody is making it, remove the file");
      case "truncated-heap" ->
          trouble(
              severity,
              "header",
              found,
              "content is lost, and a process that touches it gets an error",
              "restore a snapshot, or remove the file");
      default ->
          trouble(
              severity,
              "header",
              found,
              "nobody can attach any more",
              "keep a copy of the file, then restore a snapshot or remove it");
    };
  }

  Trouble notReadable(String found) {
    return trouble(
        Severity.ERROR,
        "heap",
        found,
        "what is behind the header was not looked at",
        "look at the reason, and check again");
  }

  Trouble participant(Severity severity, String found) {
    return severity == Severity.ERROR
        ? trouble(
            severity,
            "participants",
            found,
            "who is attached cannot be told, nor who of them has died",
            KEEP)
        : trouble(
            severity,
            "participants",
            found,
            "its place among the participants is taken until somebody needs it, and the others free"
                + " what it held",
            Trouble.RECOVER + path + " if you want that now, else nothing");
  }

  Trouble noAllocator() {
    return trouble(
        Severity.NOTE,
        "content",
        "there is no allocator",
        "the content is a program's own, and was not looked at",
        "nothing");
  }

  Trouble allocator(Severity severity, long offset, String found) {
    String meaning =
        switch (severity) {
          case NOTE -> "nothing is lost; room is found later, or used less well";
          case RECOVERABLE -> "what a dead process held is not used until it is recovered";
          case ERROR -> "blocks may be lost, or be in use twice";
        };
    String mend =
        switch (severity) {
          case NOTE -> "nothing";
          case RECOVERABLE -> Trouble.RECOVER + path;
          case ERROR -> KEEP;
        };
    return new Trouble(severity, "allocator", offset, found, meaning, mend);
  }

  Trouble root(Severity severity, String name, long offset, String found) {
    String meaning =
        switch (severity) {
          case NOTE -> "nothing is lost";
          case RECOVERABLE -> "a process died in it; the next one who uses it ends what it began";
          case ERROR -> "what is in it cannot be relied on";
        };
    String mend =
        switch (severity) {
          case NOTE -> "nothing";
          case RECOVERABLE -> Trouble.RECOVER + path;
          case ERROR ->
              "rszshm dump "
                  + path
                  + " '"
                  + name
                  + "' shows what can be read; then rszshm drop --force removes the root, and a program"
                  + " can fill it anew";
        };
    return new Trouble(severity, root(name), offset, found, meaning, mend);
  }

  /** Somebody died who had a lock, or was counted in something that threads wait for. */
  Trouble lock(String name, long offset, String found) {
    return new Trouble(
        Severity.RECOVERABLE,
        root(name),
        offset,
        found,
        "what it protects may be half changed; the next one to lock it is told so",
        "have a program lock it that repairs what it protects (onOwnerDied), or reset() it if it is"
            + " unusable; rszshm recover leaves locks to programs");
  }

  private static String root(String name) {
    return "root \"" + name + "\"";
  }

  private static Trouble trouble(
      Severity severity, String where, String found, String meaning, String mend) {
    return new Trouble(severity, where, -1, found, meaning, mend);
  }
}
