/* SPDX-License-Identifier: Apache-2.0 */
/* bcrypt, the form in which Prometheus' and Apache's password files keep a password. */
#ifndef SG_BASE_BCRYPT_H
#define SG_BASE_BCRYPT_H

#include "base/base.h"

#define SG_BCRYPT_SIZE 61 /* "$2b$", cost, "$", 22 letters of salt, 31 of hash, NUL */

/* Of the first 72 bytes of `password`. Takes 2^cost rounds (4 to 31) and a tenth of a second for
 * itself. Not for passwords of people: nothing is done against who watches the time or the memory.
 */
void sg_bcrypt(const char *password, const unsigned char salt[16], unsigned cost,
               char out[SG_BCRYPT_SIZE]);

#endif
