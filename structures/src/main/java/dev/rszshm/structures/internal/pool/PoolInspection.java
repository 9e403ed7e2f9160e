package dev.rszshm.structures.internal.pool;

import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Looks at the tasks and run records of a pool, and changes nothing. */
public final class PoolInspection {
  private static final String[] STATES = {
    "free",
    "being asked for",
    "waiting",
    "running",
    "done, its result on the way",
    "done",
    "failed",
    "lingering",
    "being released"
  };

  private final PoolTables tables;
  private final Heap heap;

  /** Looks at the pool whose parts are there. */
  public PoolInspection(PoolTables tables) {
    this.tables = tables;
    this.heap = tables.heap;
  }

  private boolean isDead(int tag) {
    return tag != 0 && !tables.isAlive(tag);
  }

  /** Returns how many task slots are free. */
  public int free() {
    int free = 0;
    for (int slot = 0; slot < tables.slots; slot++) {
      free += TaskLayout.state(tables.word(slot)) == TaskLayout.FREE ? 1 : 0;
    }
    return free;
  }

  /** Returns a line for each task that is there. */
  public List<String> tasks() {
    TaskNames names = tables.names();
    List<String> lines = new ArrayList<>();
    for (int slot = 0; slot < tables.slots; slot++) {
      long word = tables.word(slot);
      int state = TaskLayout.state(word);
      if (state != TaskLayout.FREE && state < STATES.length) {
        long id = heap.getLong(tables.task(slot) + TaskLayout.NAME);
        boolean filling = state == TaskLayout.FILLING;
        lines.add(
            slot
                + ": "
                + (filling ? "" : names.get(id) + ", ")
                + STATES[state]
                + theDead(slot, word)
                + deaths(heap.getLongVolatile(tables.task(slot) + TaskLayout.DEATHS)));
      }
    }
    return lines;
  }

  /** Says which of those who have to do with a task have died. */
  private String theDead(int slot, long word) {
    boolean dead = isDead(TaskLayout.tag(word));
    String who =
        switch (TaskLayout.state(word)) {
          case TaskLayout.RUNNING -> dead ? ", its worker has died" : "";
          case TaskLayout.FILLING, TaskLayout.RELEASING -> dead ? ", who began that has died" : "";
          default -> "";
        };
    boolean hasClient = TaskLayout.state(word) != TaskLayout.FILLING;
    int client = (int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT);
    return who + (hasClient && isDead(client) ? ", its client has died" : "");
  }

  private static String deaths(long deaths) {
    int number = TaskLayout.deaths(deaths);
    return number == 0 ? "" : ", " + number + (number == 1 ? " death" : " deaths");
  }

  /** Returns whether somebody dead has left something to end. */
  public boolean isLeft() {
    for (int slot = 0; slot < tables.slots; slot++) {
      long word = tables.word(slot);
      switch (TaskLayout.state(word)) {
        case TaskLayout.FILLING, TaskLayout.RUNNING, TaskLayout.RELEASING -> {
          if (isDead(TaskLayout.tag(word))) {
            return true;
          }
        }
        case TaskLayout.COMMITTED, TaskLayout.DONE, TaskLayout.FAILED -> {
          if (isDead((int) heap.getLongVolatile(tables.task(slot) + TaskLayout.CLIENT))) {
            return true;
          }
        }
        default -> {
          // Nobody is named.
        }
      }
    }
    return isRunLeft();
  }

  private boolean isRunLeft() {
    for (int record = 0; record < tables.runs; record++) {
      if (isDead((int) heap.getLongVolatile(tables.run(record) + RunLayout.TAG))) {
        return true;
      }
    }
    return false;
  }

  /** Returns what no correct program can have written. */
  public List<String> damage() {
    List<String> findings = new ArrayList<>();
    for (int slot = 0; slot < tables.slots; slot++) {
      long place = tables.task(slot);
      long word = tables.word(slot);
      if (TaskLayout.state(word) >= STATES.length) {
        findings.add(
            String.format(
                Locale.ROOT, "offset %d holds 0x%x, expected the word of a task", place, word));
      }
      addSlot(findings, place + TaskLayout.ARGUMENT);
      addSlot(findings, place + TaskLayout.RESULT);
    }
    return findings;
  }

  private void addSlot(List<String> findings, long place) {
    try {
      tables.allocator.get(place);
    } catch (RuntimeException e) {
      findings.add(e.getMessage());
    }
  }
}
