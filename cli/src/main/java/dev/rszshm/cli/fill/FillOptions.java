package dev.rszshm.cli.fill;

import java.nio.file.Path;

/** The words of a command line as they were given; null or false: not given. Nothing is checked. */
public final class FillOptions {
  public Long workers;
  public Long bytes;
  public Long claim;
  public Long initial;
  public Path path;
  public String input;
  public boolean plain;
  public boolean busy;
  public boolean keep;
  public boolean repair;
}
