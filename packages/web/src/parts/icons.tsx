import type { ComponentChildren, JSX } from 'preact';

/** Drawings of 20 by 20, in the colour of the text around them. */
function Icon({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      {children}
    </svg>
  );
}

export const EverybodyIcon = (): JSX.Element => (
  <Icon>
    <circle cx="7" cy="7" r="2.6" />
    <circle cx="14" cy="8" r="2" />
    <path d="M2.5 16c0-2.8 2-4.5 4.500-4.500s4.500 1.700 4.500 4.500M13.500 12.200c2.400-.2 4 1.300 4 3.600" />
  </Icon>
);

export const BackIcon = (): JSX.Element => (
  <Icon>
    <path d="M12.500 4.500 7 10l5.500 5.500" />
  </Icon>
);

export const BellIcon = (): JSX.Element => (
  <Icon>
    <path d="M5 13.500V9a5 5 0 0 1 10 0v4.500l1.200 1.500H3.800ZM8.500 17.200h3" />
  </Icon>
);

export const PenIcon = (): JSX.Element => (
  <Icon>
    <path d="M4 16l.8-3.400L13.400 4a1.500 1.500 0 0 1 2.100 0l.5.500a1.500 1.500 0 0 1 0 2.100L7.400 15.200Z" />
  </Icon>
);

export const SearchIcon = (): JSX.Element => (
  <Icon>
    <circle cx="9" cy="9" r="5" />
    <path d="m13 13 3.500 3.500" />
  </Icon>
);

export const SendIcon = (): JSX.Element => (
  <Icon>
    <path d="M3.500 10 16.500 4l-3.200 12.500-3.800-4.300Zm6 2.200 3.500-4.700" />
  </Icon>
);
