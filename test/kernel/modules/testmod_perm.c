/* A module without an exit function, which the kernel never lets go of: [permanent]. */
#include <linux/module.h>

static int __init testmod_perm_init(void)
{
	return 0;
}

module_init(testmod_perm_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module that stays");
