/* What puppet.c knows of the verbs of others. */

/* Cards, virtual machines and devices given to them; -1 with ENOSYS for a verb that is none of these. */
int obey_machine(char *words[]);
