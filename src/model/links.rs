//! Links, resolved once: every form of the house to one [`super::Target`].
