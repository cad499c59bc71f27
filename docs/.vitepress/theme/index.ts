import { type Theme, useRoute } from 'vitepress';
// Without the fonts that the default theme brings: the reader's own are at hand.
import DefaultTheme from 'vitepress/theme-without-fonts';
import { nextTick, onMounted, watch } from 'vue';
import './style.css';

export default {
  extends: DefaultTheme,
  setup() {
    const route = useRoute();
    onMounted(markHome);
    watch(
      () => route.path,
      () => nextTick(markHome),
    );
  },
} satisfies Theme;

/** The home page of the default theme has no landmark for its content. */
function markHome(): void {
  document.querySelector('.VPContent.is-home')?.setAttribute('role', 'main');
}
