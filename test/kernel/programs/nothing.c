/* The least that can be executed. */
int main(void) {
    return 0;
}
