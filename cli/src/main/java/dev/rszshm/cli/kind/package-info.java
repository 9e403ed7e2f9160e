/** What stands behind the names in a heap, for each kind of structure. */
@NullMarked
package dev.rszshm.cli.kind;

import org.jspecify.annotations.NullMarked;
