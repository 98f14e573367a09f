/* SPDX-License-Identifier: Apache-2.0 */
/* A bench without containers, linked in place of lib/testbench: what it yields and what goes wrong
 * stands in a script (README.md). Time is virtual. For tests of the loop in one process; a program
 * linked with it reads the folder that the environment's SG_FAKE names. */
#ifndef SG_FAKE_FAKE_H
#define SG_FAKE_FAKE_H

#include <stddef.h>

/* Starts over: the script is written to FOLDER/script and read, the log of calls emptied. The
 * folder exists; what is in FOLDER/world stays. */
void sg_fake_begin(const char *folder, const char *script);

/* FOLDER/calls, one line a call: "12 load slot=3 variant=base". Caller frees, never NULL. */
char *sg_fake_calls(void);
/* How many calls there were. */
int sg_fake_calls_count(void);
/* How many containers and networks there are now. */
size_t sg_fake_world_count(void);

#endif
