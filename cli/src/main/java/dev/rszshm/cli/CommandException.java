package dev.rszshm.cli;

import org.jspecify.annotations.Nullable;

/** Ends a command with one line for the user. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Exit status: the command could not do all it was asked to. */
  public static final int FAILED = 1;

  /** Exit status: the arguments cannot be used. */
  public static final int USAGE = 2;

  /** Exit status: whoever read the output has ended, as of tools that SIGPIPE has ended. */
  public static final int NOBODY_READS = 141;

  private final String kind;
  private final int status;

  private CommandException(String kind, int status, @Nullable String message) {
    super(message);
    this.kind = kind;
    this.status = status;
  }

  /** The arguments cannot be used; exit status 2. */
  public static CommandException usage(@Nullable String message) {
    return new CommandException("usage", USAGE, message);
  }

  /** A heap cannot be made from these arguments; exit status 2. */
  public static CommandException unusable(String kind, @Nullable String message) {
    return new CommandException(kind, USAGE, message);
  }

  /** The work failed; exit status 1. */
  public static CommandException failed(String kind, @Nullable String message) {
    return new CommandException(kind, FAILED, message);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** Names the cause for programs, in lower case with hyphens. */
  public String kind() {
    return kind;
  }

  /** The exit status of the command. */
  public int status() {
    return status;
  }
}
