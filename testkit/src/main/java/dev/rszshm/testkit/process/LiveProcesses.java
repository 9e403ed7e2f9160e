package dev.rszshm.testkit.process;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The processes that this JVM has started and not ended yet: they end with it. */
final class LiveProcesses {
  private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> LIVE.forEach(Process::destroyForcibly), "end-of-workers"));
  }

  private LiveProcesses() {}

  static void add(Process process) {
    LIVE.add(process);
    var unused = process.onExit().thenAccept(LIVE::remove);
  }
}
