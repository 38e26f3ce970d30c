/* SPDX-License-Identifier: Apache-2.0 */
/* commands.h - the words behind "suraq"; each is defined in the file of its name. */
#ifndef SURAQ_COMMAND_COMMANDS_H
#define SURAQ_COMMAND_COMMANDS_H

#include "command/subcommand.h"

extern const struct subcommand command_backup;
extern const struct subcommand command_check;
extern const struct subcommand command_connect;
extern const struct subcommand command_judge;
extern const struct subcommand command_lab;
extern const struct subcommand command_purge;
extern const struct subcommand command_report;
extern const struct subcommand command_run;
extern const struct subcommand command_token;
extern const struct subcommand command_user;
extern const struct subcommand command_verify;

#endif
