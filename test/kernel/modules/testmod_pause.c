/* Has a function to be patched: reading /proc/testmod-pause calls it, and takes no reference. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static noinline void testmod_pause(void)
{
	barrier();
}

static int pause_show(struct seq_file *file, void *unused)
{
	testmod_pause();
	seq_puts(file, "This is testmod_pause.\n");
	return 0;
}

static int __init pause_init(void)
{
	return proc_create_single("testmod-pause", 0444, NULL, pause_show) ? 0 : -ENOMEM;
}

static void __exit pause_exit(void)
{
	remove_proc_entry("testmod-pause", NULL);
}

module_init(pause_init);
module_exit(pause_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A module to be patched");
